"""Pages of those who keep the house: accounts and tokens, and the audit trail."""
