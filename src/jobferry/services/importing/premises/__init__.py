"""What a plan counts on besides the objects that it is about, compared once more when it lands."""
