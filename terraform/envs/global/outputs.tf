output "artifact_bucket" {
  description = "Name of the bucket that both sides share, once its grants stand."
  value       = module.artifacts.name
}

output "selector" {
  description = "Names of the selector's database and of the secret with its copies, once their grants stand."
  value = {
    database = module.selector.database
    secret   = module.selector.secret
  }
}
