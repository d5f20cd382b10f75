locals {
  bucket_resource = "projects/_/buckets/${var.name}"

  # Listing is a permission on the bucket itself, so a binding that is narrowed to prefixes names the bucket too:
  # names can be listed, contents are readable and writable under the prefixes only.
  expressions = {
    for name, binding in var.iam : name => join(" || ", concat(
      ["resource.name == \"${local.bucket_resource}\""],
      [for prefix in sort(binding.under) : "resource.name.startsWith(\"${local.bucket_resource}/objects/${prefix}\")"],
    ))
  }
}

resource "google_storage_bucket_iam_member" "grant" {
  for_each = var.iam

  bucket = google_storage_bucket.artifacts.name
  member = each.value.member
  role   = each.value.role

  dynamic "condition" {
    for_each = length(each.value.under) == 0 ? [] : [local.expressions[each.key]]

    content {
      expression = condition.value
      title      = "under ${join(" ", sort(each.value.under))}"
    }
  }
}
