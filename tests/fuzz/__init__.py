"""The whole API against what schemathesis makes up from its OpenAPI document."""
