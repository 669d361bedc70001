"""Lambda: closed days become one file each; what nobody needs is collected."""
