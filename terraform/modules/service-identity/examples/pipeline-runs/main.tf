# The identity that a pipeline run acts as: it may use Vertex AI, and one function may start runs as it.
module "runs" {
  source = "../.."

  account_id    = "vdr-dr-pipeline-runs"
  acted_as_by   = { run_pipelines = "serviceAccount:vdr-dr-run-pipelines@demo.iam.gserviceaccount.com" }
  description   = "Runs the pipelines of dr."
  project       = "demo"
  project_roles = { vertex = "roles/aiplatform.user" }
}
