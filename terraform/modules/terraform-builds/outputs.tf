output "triggers" {
  description = "Name of the trigger that plans and of the one that applies."
  value       = { for name, trigger in google_cloudbuild_trigger.build : name => trigger.name }
}
