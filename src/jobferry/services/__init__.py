"""Use cases by family. A use case calls each layer below once, in order, and passes values on."""
