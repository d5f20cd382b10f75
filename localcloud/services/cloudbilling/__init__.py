"""Cloud Billing: that the project has an account, which Terraform asks for."""
