"""OpenID Connect: what is asked of the provider that signs users in."""
