# Deployed models and the traffic between them belong to reconcile_models: nothing here mentions them, so no
# apply can undo a deployment.
resource "google_vertex_ai_endpoint" "service" {
  description  = "Predictions of ${var.display_name}; deployments belong to reconcile_models."
  display_name = var.display_name
  labels       = var.labels
  location     = var.region
  name         = var.id
  project      = var.project
  region       = var.region # the host that is asked: without it the provider's region would be, or none
}
