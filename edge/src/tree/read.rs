//! From the tree to a type: the one format that every type of the engine is compiled for.

use std::{borrow::Cow, slice, vec};

use serde::{
    Deserializer,
    de::{
        DeserializeSeed, EnumAccess, Error as _, MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor,
        value::StrDeserializer,
    },
    forward_to_deserialize_any,
};
use serde_json::Error;

use super::{Fields, Tree};

/// What is done with a field that a struct does not know, or lacks.
#[derive(Clone, Copy, PartialEq)]
pub enum Manner {
    /// Unknown ones are left out.
    Lenient,
    /// Unknown ones are refused.
    Strict,
    /// Unknown ones are left out, and a struct that is no column is made of the same row.
    Row,
}

/// A value, and how it is read.
pub struct Node<'de> {
    tree: Tree<'de>,
    manner: Manner,
}

impl<'de> Node<'de> {
    pub fn new(tree: Tree<'de>, manner: Manner) -> Self {
        Self { tree, manner }
    }

    fn is_not(&self, expected: &dyn serde::de::Expected) -> Error {
        let found = match &self.tree {
            Tree::Null => Unexpected::Unit,
            Tree::Truth(truth) => Unexpected::Bool(*truth),
            Tree::Whole(number) => Unexpected::Unsigned(*number),
            Tree::Negative(number) => Unexpected::Signed(*number),
            Tree::Number(number) => Unexpected::Float(*number),
            Tree::Text(text) => Unexpected::Str(text),
            Tree::List(_) => Unexpected::Seq,
            Tree::Map(_) => Unexpected::Map,
        };
        Error::invalid_type(found, expected)
    }
}

impl<'de> Deserializer<'de> for Node<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.tree {
            Tree::Null => visitor.visit_unit(),
            Tree::Truth(truth) => visitor.visit_bool(truth),
            Tree::Whole(number) => visitor.visit_u64(number),
            Tree::Negative(number) => visitor.visit_i64(number),
            Tree::Number(number) => visitor.visit_f64(number),
            Tree::Text(Cow::Borrowed(text)) => visitor.visit_str(text),
            Tree::Text(Cow::Owned(text)) => visitor.visit_string(text),
            Tree::List(list) => visit_list(list, self.manner, visitor),
            Tree::Map(fields) => {
                let mut fields = Entries { fields: fields.into_iter(), value: None, manner: self.manner };
                visitor.visit_map(&mut fields)
            }
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.tree {
            Tree::Map(mut fields) => {
                let value = pick(&mut fields, names, self.manner, visitor)?;
                check_left(&fields, names, self.manner)?;
                Ok(value)
            }
            _ => Err(self.is_not(&visitor)),
        }
    }

    // Asked for by kind, and not through `deserialize_any`, wherever a type says what it is: what it would do with all
    // the other kinds is then never compiled.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.tree {
            Tree::List(list) => visit_list(list, self.manner, visitor),
            _ => Err(self.is_not(&visitor)),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.tree {
            Tree::Text(Cow::Borrowed(text)) => visitor.visit_str(text),
            Tree::Text(Cow::Owned(text)) => visitor.visit_string(text),
            _ => Err(self.is_not(&visitor)),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.tree {
            Tree::Text(text) => visitor.visit_str(text),
            _ => Err(self.is_not(&visitor)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.tree {
            Tree::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let manner = self.manner;
        match self.tree {
            Tree::Text(name) => visitor.visit_enum(Variant { name, value: None, manner }),
            Tree::Map(fields) if fields.len() == 1 => match fields.into_iter().next() {
                Some((name, value)) => visitor.visit_enum(Variant { name, value: Some(value), manner }),
                None => Err(Error::custom("a variant without a name")),
            },
            _ => Err(self.is_not(&visitor)),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct map
    }
}

fn visit_list<'de, V: Visitor<'de>>(list: Vec<Tree<'de>>, manner: Manner, visitor: V) -> Result<V::Value, Error> {
    let mut list = List { list: list.into_iter(), manner };
    let value = visitor.visit_seq(&mut list)?;
    // A tuple takes so many and no more.
    if list.list.len() > 0 { Err(Error::custom("a list that is too long")) } else { Ok(value) }
}

/// Gives a struct its fields one after the other, out of what is there.
fn pick<'de, V: Visitor<'de>>(
    fields: &mut Fields<'de>,
    names: &'static [&'static str],
    manner: Manner,
    visitor: V,
) -> Result<V::Value, Error> {
    let mut places = Places { names: names.iter(), fields, missing: None, manner };
    let value = visitor.visit_seq(&mut places);
    match places.missing {
        // What serde says of it counts places; a person is told the name.
        Some(name) if value.is_err() => Err(Error::missing_field(name)),
        _ => value,
    }
}

/// What no field has taken is unknown, or stands there twice.
fn check_left(fields: &Fields<'_>, names: &'static [&'static str], manner: Manner) -> Result<(), Error> {
    for (left, _) in fields {
        if let Some(name) = names.iter().find(|name| *name == left) {
            return Err(Error::duplicate_field(name));
        }
        if manner == Manner::Strict {
            return Err(Error::unknown_field(left, names));
        }
    }
    Ok(())
}

struct Places<'de, 'a> {
    names: slice::Iter<'static, &'static str>,
    fields: &'a mut Fields<'de>,
    missing: Option<&'static str>,
    manner: Manner,
}

impl<'de> SeqAccess<'de> for &mut Places<'de, '_> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let Some(name) = self.names.next() else { return Ok(None) };
        match self.take(name) {
            Some(tree) => seed.deserialize(Node::new(tree, self.manner)).map(Some),
            // An option is none, and with "nothing" for an answer serde takes a default where there is one.
            None => {
                let fields = (self.manner == Manner::Row).then_some(&mut *self.fields);
                let value = seed.deserialize(Missing(fields)).ok();
                self.missing = value.is_none().then_some(*name);
                Ok(value)
            }
        }
    }
}

impl<'de> Places<'de, '_> {
    fn take(&mut self, name: &str) -> Option<Tree<'de>> {
        self.missing = None;
        // Almost always the first that is left: they were written by the same type, in the same order.
        let place = self.fields.iter().position(|(known, _)| known == name)?;
        Some(self.fields.remove(place).1)
    }
}

/// A field that is not there. In a row it may be a struct of other columns.
struct Missing<'de, 'a>(Option<&'a mut Fields<'de>>);

impl<'de> Deserializer<'de> for Missing<'de, '_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("missing"))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_none()
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Some(fields) => pick(fields, names, Manner::Row, visitor),
            None => Err(Error::custom("missing")),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

struct List<'de> {
    list: vec::IntoIter<Tree<'de>>,
    manner: Manner,
}

impl<'de> SeqAccess<'de> for &mut List<'de> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        match self.list.next() {
            Some(tree) => seed.deserialize(Node::new(tree, self.manner)).map(Some),
            None => Ok(None),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.list.len())
    }
}

struct Entries<'de> {
    fields: vec::IntoIter<(Cow<'de, str>, Tree<'de>)>,
    value: Option<Tree<'de>>,
    manner: Manner,
}

impl<'de> MapAccess<'de> for &mut Entries<'de> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let Some((name, value)) = self.fields.next() else { return Ok(None) };
        self.value = Some(value);
        seed.deserialize(Node::new(Tree::Text(name), self.manner)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        seed.deserialize(Node::new(self.value.take().unwrap_or(Tree::Null), self.manner))
    }
}

struct Variant<'de> {
    name: Cow<'de, str>,
    value: Option<Tree<'de>>,
    manner: Manner,
}

/// What a variant carries, if anything.
struct Carried<'de>(Option<Tree<'de>>, Manner);

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Error;
    type Variant = Carried<'de>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Carried<'de>), Error> {
        let variant = seed.deserialize(StrDeserializer::<Error>::new(&self.name))?;
        Ok((variant, Carried(self.value, self.manner)))
    }
}

impl<'de> Carried<'de> {
    fn node(self) -> Result<Node<'de>, Error> {
        self.0.map(|tree| Node::new(tree, self.1)).ok_or_else(|| Error::custom("a variant without what it carries"))
    }
}

impl<'de> VariantAccess<'de> for Carried<'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        match self.0 {
            None | Some(Tree::Null) => Ok(()),
            Some(_) => Err(Error::custom("a variant that carries nothing")),
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Error> {
        seed.deserialize(self.node()?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.node()?.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, names: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        self.node()?.deserialize_struct("", names, visitor)
    }
}
