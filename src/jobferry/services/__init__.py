"""Use cases by family. A service enters each room once, in order, and passes values on."""
