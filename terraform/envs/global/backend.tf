terraform {
  backend "gcs" {
    bucket = "demo-vdr-tfstate-global"
    prefix = "global"
  }
}
