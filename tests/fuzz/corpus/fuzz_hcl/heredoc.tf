resource "x" "y" {
  policy = <<-EOT
    { "a": "${jsonencode({ b = "}" })}" }
  EOT
  plain  = <<END
} {
END
  nested { deep { a = (1 + 2) * [3][0] } }
}
