"""Calls of those who work on objects together."""
