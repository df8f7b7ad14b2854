"""The families of examples, in the order of the page that is made of them."""
