"""Every metric counted again from raw rows by code of its own, beside what the API answers: ``make recount``."""
