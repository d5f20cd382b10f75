output "settings" {
  description = "Environment of the side's functions, once the receivers of hand-overs stand."
  value       = local.settings
}
