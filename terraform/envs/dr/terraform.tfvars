project = "demo"
service = {
  models = {
    diagnosis = { alias = "default", machine_type = "n1-standard-2" }
  }
  name = "diagnosis"
  regions = {
    dr      = "europe-west1"
    primary = "europe-west4"
  }
}
side = "dr"
