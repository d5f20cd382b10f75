resource "google_storage_bucket_object" "manifest" {
  bucket = var.bucket
  content = jsonencode({
    alias        = var.serving.alias
    endpoint     = var.endpoint
    machine_type = var.serving.machine_type
    max_replicas = var.serving.max_replicas
    min_replicas = var.serving.min_replicas
    model        = var.name
    schema       = 1
  })
  content_type = "application/json"
  name         = "manifests/models/${var.name}.json"
}
