output "id" {
  description = "Numeric id of the endpoint, once it exists."
  value       = google_vertex_ai_endpoint.service.name
}
