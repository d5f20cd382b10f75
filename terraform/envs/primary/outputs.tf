output "settings" {
  description = "Environment of the side's functions; scripts/settings prints it for an operator's shell."
  value       = module.side.settings
}
