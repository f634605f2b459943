//! (to be written)
pub(super) fn parse(_: &std::collections::BTreeMap<String, String>) -> crate::error::Result<super::Config> {
    todo!()
}
