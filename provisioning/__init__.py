"""What `make apply` and `make costs` do around Terraform: plans applied in order, grants waited for, prices."""
