//! A map with two bounds, entries and bytes: the oldest entry leaves when a new one finds the shelf full.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

use serde_json::Value;

#[derive(Debug)]
pub struct Shelf<K, V> {
    /// Each value with what it weighed when it was put.
    entries: HashMap<K, (V, usize)>,
    order: VecDeque<K>,
    room: usize,
    most_bytes: usize,
    bytes: usize,
    weigh: fn(&V) -> usize,
    dropped: u64,
}

impl<K: Eq + Hash + Clone, V> Shelf<K, V> {
    /// For small values of one size: bounded by their number alone.
    pub fn new(room: usize) -> Self {
        Self::weighed(room, usize::MAX, |_| 0)
    }

    /// `weigh` says about how many bytes a value holds. It is asked when a value is put, so a value that is changed in
    /// its place must not grow much.
    pub fn weighed(room: usize, most_bytes: usize, weigh: fn(&V) -> usize) -> Self {
        let (entries, order) = (HashMap::new(), VecDeque::new());
        Self { entries, order, room: room.max(1), most_bytes, bytes: 0, weigh, dropped: 0 }
    }

    pub fn get(&self, key: &K) -> Option<&V> {
        self.entries.get(key).map(|(value, _)| value)
    }

    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.entries.get_mut(key).map(|(value, _)| value)
    }

    /// Puts a new value or replaces one in its place. The newest stays, even when it is too heavy alone.
    pub fn put(&mut self, key: K, value: V) {
        let weight = (self.weigh)(&value);
        self.bytes += weight;
        match self.entries.insert(key.clone(), (value, weight)) {
            Some((_, before)) => self.bytes -= before,
            None => self.order.push_back(key),
        }
        while self.order.len() > 1 && (self.order.len() > self.room || self.bytes > self.most_bytes) {
            self.drop_oldest();
        }
    }

    pub fn remove(&mut self, key: &K) -> Option<V> {
        let (value, weight) = self.entries.remove(key)?;
        self.bytes -= weight;
        self.order.retain(|kept| kept != key);
        Some(value)
    }

    fn drop_oldest(&mut self) {
        let oldest = self.order.pop_front().and_then(|key| self.entries.remove(&key));
        if let Some((_, weight)) = oldest {
            self.bytes -= weight;
            self.dropped += 1;
        }
    }

    /// Oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.order.iter().filter_map(|key| Some((key, self.get(key)?)))
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many entries had to leave for want of room.
    pub const fn dropped(&self) -> u64 {
        self.dropped
    }

    pub fn clear(&mut self) {
        self.entries.clear();
        self.order.clear();
        self.bytes = 0;
    }
}

/// About how many bytes a JSON value takes in memory.
pub fn weight(value: &Value) -> usize {
    let inside = match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(weight).sum(),
        Value::Object(fields) => fields.iter().map(|(name, field)| 32 + name.len() + weight(field)).sum(),
    };
    32 + inside
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Shelf, weight};

    #[test]
    fn the_oldest_leaves_a_full_shelf_and_a_replacement_moves_nobody() {
        let mut shelf = Shelf::new(2);
        shelf.put("a", 1);
        shelf.put("b", 2);
        shelf.put("a", 3);
        assert_eq!((shelf.get(&"a"), shelf.len(), shelf.dropped()), (Some(&3), 2, 0));
        shelf.put("c", 4);
        assert_eq!((shelf.get(&"a"), shelf.get(&"b"), shelf.len(), shelf.dropped()), (None, Some(&2), 2, 1));
        assert_eq!(shelf.remove(&"b"), Some(2));
        assert_eq!(shelf.iter().map(|(key, _)| *key).collect::<Vec<_>>(), ["c"]);
    }

    #[test]
    fn heavy_values_make_room_for_each_other_and_give_it_back() {
        let mut shelf = Shelf::weighed(10, 100, Vec::len);
        shelf.put("a", vec![0; 60]);
        shelf.put("b", vec![0; 40]);
        assert_eq!(shelf.len(), 2);
        shelf.put("b", vec![0; 41]);
        assert_eq!((shelf.get(&"a"), shelf.len()), (None, 1), "a replacement may be the straw");
        shelf.put("c", vec![0; 59]);
        shelf.remove(&"b");
        shelf.put("d", vec![0; 41]);
        assert_eq!((shelf.len(), shelf.dropped()), (2, 1));
        shelf.put("e", vec![0; 1_000]);
        assert_eq!(shelf.iter().map(|(key, _)| *key).collect::<Vec<_>>(), ["e"], "the newest stays");
        shelf.clear();
        shelf.put("f", vec![0; 50]);
        shelf.put("g", vec![0; 50]);
        assert_eq!(shelf.len(), 2);
    }

    #[test]
    fn a_value_weighs_what_it_holds() {
        assert_eq!(weight(&json!({"name": ["four", null]})), 32 + 32 + 4 + (32 + (32 + 4) + 32));
    }
}
