"""What a drill starts and drives: processes, the local cloud, Terraform, load, and Google as its users reach it."""
