fn main() {
    println!("{}", serde_json::to_string_pretty(&crb_backend::api::document()).unwrap());
}
