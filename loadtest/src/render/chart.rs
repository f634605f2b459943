//! Lines over axes as plain SVG: no script, no font of its own, readable in any browser and beside any text.

use std::fmt::Write as _;

use serde::Deserialize;

use super::scale::{Scale, Span, label};

const WIDTH: f64 = 880.0;
const LEFT: f64 = 72.0;
const RIGHT: f64 = 72.0;
const TOP: f64 = 44.0;
const PANEL: f64 = 220.0;
/// Between panels: the ticks of the upper one and the legend of the lower one.
const GAP: f64 = 62.0;
const BOTTOM: f64 = 50.0;

/// Told apart by everybody, also in grey.
const COLOURS: [&str; 6] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#000000"];
const DASHES: [&str; 3] = ["", "7 4", "2 3"];
const GREY: &str = "#6b6b6b";

/// Panels above each other over one horizontal axis.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chart {
    pub title: String,
    pub x: Axis,
    pub panels: Vec<Panel>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Panel {
    pub y: Axis,
    pub curves: Vec<Curve>,
    /// A second axis, for what has another unit.
    #[serde(default)]
    pub right: Option<Axis>,
    #[serde(default)]
    pub right_curves: Vec<Curve>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Axis {
    pub label: String,
    #[serde(default)]
    pub scale: Scale,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Curve {
    pub name: String,
    pub points: Vec<(f64, f64)>,
    /// Holds its value until the next point.
    #[serde(default)]
    pub is_step: bool,
}

/// A curve's look: its place in the legend decides.
struct Pen {
    colour: &'static str,
    dash: &'static str,
}

impl Chart {
    pub fn svg(&self) -> String {
        let height = TOP + self.panels.len() as f64 * (PANEL + GAP) - GAP + 24.0 + BOTTOM;
        let mut svg = String::new();
        let mut add = |text: String| {
            svg.push_str(&text);
            svg.push('\n');
        };
        add(format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" font-family="system-ui, sans-serif" font-size="12">"#
        ));
        add(format!("<title>{}</title>", escaped(&self.title)));
        add(format!(r##"<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>"##));
        add(text(LEFT, 20.0, "start", &self.title, "font-size=\"14\" font-weight=\"600\""));
        let curves = self.panels.iter().flat_map(|panel| panel.curves.iter().chain(&panel.right_curves));
        let across = Span::of(self.x.scale, curves.flat_map(|curve| curve.points.iter().map(|(x, _)| *x)), false);
        for (index, panel) in self.panels.iter().enumerate() {
            let top = TOP + 24.0 + index as f64 * (PANEL + GAP);
            add(panel.drawn(&self.x, across, top));
        }
        add(text((LEFT + WIDTH - RIGHT) / 2.0, height - 12.0, "middle", &self.x.label, ""));
        add("</svg>".to_owned());
        svg
    }
}

impl Panel {
    fn drawn(&self, x: &Axis, across: Span, top: f64) -> String {
        let bottom = top + PANEL;
        let at_x = |value: f64| LEFT + across.share(value) * (WIDTH - LEFT - RIGHT);
        let mut svg = String::new();
        for tick in across.ticks() {
            svg += &line([at_x(tick), top, at_x(tick), bottom], "#ececec");
            svg += &text(at_x(tick), bottom + 16.0, "middle", &label(tick), "fill=\"#444444\"");
        }
        let mut number = 0;
        let sides = [
            (Some(&self.y), &self.curves, LEFT, "end", -8.0, -52.0),
            (self.right.as_ref(), &self.right_curves, WIDTH - RIGHT, "start", 8.0, 52.0),
        ];
        let mut legend = LEFT;
        for (axis, curves, edge, anchor, beside, beyond) in sides {
            let Some(axis) = axis else { continue };
            let values = curves.iter().flat_map(|curve| curve.points.iter().map(|(_, y)| *y));
            let up = Span::of(axis.scale, values, true);
            let at_y = |value: f64| bottom - up.share(value) * PANEL;
            for tick in up.ticks() {
                // The grid is the left axis'; two grids would be a net.
                if anchor == "end" {
                    svg += &line([LEFT, at_y(tick), WIDTH - RIGHT, at_y(tick)], "#ececec");
                }
                svg += &text(edge + beside, at_y(tick) + 4.0, anchor, &label(tick), "fill=\"#444444\"");
            }
            svg += &line([edge, top, edge, bottom], "#444444");
            let middle = f64::midpoint(top, bottom);
            let turned = format!("transform=\"rotate(-90 {:.1} {middle:.1})\"", edge + beyond);
            svg += &text(edge + beyond, middle, "middle", &axis.label, &turned);
            for curve in curves {
                let pen = Pen::of(number, anchor == "start");
                number += 1;
                let shown: Vec<(f64, f64)> =
                    curve.points.iter().copied().filter(|(a, b)| x.scale.shows(*a) && axis.scale.shows(*b)).collect();
                svg += &curve.path(&shown, &pen, at_x, at_y);
                svg += &pen.sample(legend, top - 12.0);
                svg += &text(legend + 32.0, top - 8.0, "start", &curve.name, "");
                legend += 54.0 + 7.0 * curve.name.chars().count() as f64;
            }
        }
        svg + &line([LEFT, bottom, WIDTH - RIGHT, bottom], "#444444")
    }
}

impl Curve {
    fn path(&self, points: &[(f64, f64)], pen: &Pen, at_x: impl Fn(f64) -> f64, at_y: impl Fn(f64) -> f64) -> String {
        let mut way = String::new();
        for (index, (x, y)) in points.iter().enumerate() {
            let (x, y) = (at_x(*x), at_y(*y));
            let _ = match index {
                0 => write!(way, "M{x:.1} {y:.1}"),
                _ if self.is_step => write!(way, "H{x:.1}V{y:.1}"),
                _ => write!(way, "L{x:.1} {y:.1}"),
            };
        }
        let Pen { colour, dash } = pen;
        let mut svg =
            format!(r#"<path d="{way}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>"#);
        // Few points are measurements that a reader wants to see as such.
        if points.len() <= 24 && !self.is_step {
            for (x, y) in points {
                let _ = write!(svg, r#"<circle cx="{:.1}" cy="{:.1}" r="2.6" fill="{colour}"/>"#, at_x(*x), at_y(*y));
            }
        }
        svg + "\n"
    }
}

impl Pen {
    fn of(number: usize, is_right: bool) -> Self {
        if is_right {
            return Self { colour: GREY, dash: DASHES[1] };
        }
        Self { colour: COLOURS[number % COLOURS.len()], dash: DASHES[number / COLOURS.len() % DASHES.len()] }
    }

    fn sample(&self, x: f64, y: f64) -> String {
        let Self { colour, dash } = self;
        let end = x + 26.0;
        format!(
            r#"<line x1="{x:.1}" y1="{y:.1}" x2="{end:.1}" y2="{y:.1}" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>"#
        ) + "\n"
    }
}

fn line([x1, y1, x2, y2]: [f64; 4], colour: &str) -> String {
    format!(r#"<line x1="{x1:.1}" y1="{y1:.1}" x2="{x2:.1}" y2="{y2:.1}" stroke="{colour}"/>"#) + "\n"
}

fn text(x: f64, y: f64, anchor: &str, words: &str, more: &str) -> String {
    let words = escaped(words);
    format!(r#"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}" {more}>{words}</text>"#) + "\n"
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(curves: Vec<Curve>, scale: Scale) -> Chart {
        let axis = |label: &str| Axis { label: label.to_owned(), scale };
        let panel = Panel { y: axis("ms"), curves, right: None, right_curves: Vec::new() };
        Chart { title: "Cost <of> \"size\" & more".to_owned(), x: axis("rows"), panels: vec![panel] }
    }

    #[test]
    fn words_never_become_markup() {
        let svg = chart(vec![Curve { name: "<script>".into(), points: vec![], is_step: false }], Scale::Linear).svg();
        assert!(svg.contains("&lt;script&gt;") && !svg.contains("<script"), "{svg}");
        assert!(svg.contains("Cost &lt;of&gt; &quot;size&quot; &amp; more"), "{svg}");
    }

    #[test]
    fn a_step_holds_its_value_until_the_next_point() {
        let curve = |is_step| Curve { name: "users".into(), points: vec![(0.0, 0.0), (10.0, 5.0)], is_step };
        let way = |svg: String| svg.split("<path d=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        assert!(way(chart(vec![curve(true)], Scale::Linear).svg()).contains('H'));
        assert!(way(chart(vec![curve(false)], Scale::Linear).svg()).contains('L'));
    }

    #[test]
    fn nothing_is_drawn_outside_or_at_no_place() {
        let points = vec![(0.0, 1.0), (1_000.0, f64::NAN), (1_000.0, 2.0), (1_000_000.0, 40.0)];
        let svg = chart(vec![Curve { name: "a".into(), points, is_step: false }], Scale::Log).svg();
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        let way = svg.split("<path d=\"").nth(1).unwrap().split('"').next().unwrap();
        assert_eq!(way.matches(['M', 'L']).count(), 2, "{way}");
    }
}
