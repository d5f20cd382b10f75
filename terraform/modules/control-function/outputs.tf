output "url" {
  description = "Address of the function, and the audience of tokens for it, once its callers may call."
  value       = google_cloudfunctions2_function.control.service_config[0].uri
  depends_on  = [google_cloud_run_v2_service_iam_member.grant]
}
