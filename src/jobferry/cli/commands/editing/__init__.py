"""Commands of those who work on objects together."""
