// refopt-harness/1 on JSON lines for the generated Rust files: table.rs, beside it, has a line for each rule and schedule.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};

mod table;
use table::{RATES, RULES};

/// Hyperparameters by name, as they were sent.
pub type Sent = BTreeMap<String, String>;

pub struct Rule {
    pub name: &'static str,
    pub hyper: &'static [&'static str],
    pub state: &'static [&'static str],
    pub inputs: &'static [&'static str],
    pub one: &'static [bool],
    pub f64: fn(&mut [Vec<f64>], &mut [f64], &[f64], Option<i64>, &Sent),
    pub f32: fn(&mut [Vec<f32>], &mut [f64], &[f32], Option<i64>, &Sent),
}

pub struct Rate {
    pub name: &'static str,
    pub hyper: &'static [&'static str],
    pub rate: fn(i64, &Sent) -> f64,
}

/// A hyperparameter as it was sent, or its default.
pub fn sent<T: std::str::FromStr>(hyper: &Sent, name: &str, default: T) -> T {
    hyper.get(name).map_or(default, |x| x.parse().ok().expect("a number"))
}

/// The entries of a list, sent as `milestones[0]`, `milestones[1]`, or its default.
#[allow(dead_code)] // used where a schedule has a list
pub fn sent_list(hyper: &Sent, name: &str, default: &'static [i64]) -> &'static [i64] {
    let found: Vec<i64> = (0..).map_while(|i| hyper.get(&format!("{name}[{i}]"))).map(|x| x.parse().expect("a whole number")).collect();
    if found.is_empty() { default } else { found.leak() }
}

// ---- JSON: what the protocol needs of it --------------------------------------------------------

enum Json {
    Null,
    Word(String), // a string, a number, true or false
    List(Vec<Json>),
    Map(BTreeMap<String, Json>),
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&mut self) -> u8 {
        while self.bytes[self.at].is_ascii_whitespace() {
            self.at += 1;
        }
        self.bytes[self.at]
    }

    fn taken(&mut self, wanted: u8) -> bool {
        let found = self.peek() == wanted;
        self.at += usize::from(found);
        found
    }

    fn string(&mut self) -> String {
        assert!(self.taken(b'"'));
        let from = self.at;
        while self.bytes[self.at] != b'"' {
            assert!(self.bytes[self.at] != b'\\', "no escapes are sent");
            self.at += 1;
        }
        self.at += 1;
        String::from_utf8(self.bytes[from..self.at - 1].to_vec()).unwrap()
    }

    fn value(&mut self) -> Json {
        match self.peek() {
            b'{' => {
                self.at += 1;
                let mut map = BTreeMap::new();
                while !self.taken(b'}') {
                    let key = self.string();
                    assert!(self.taken(b':'));
                    map.insert(key, self.value());
                    self.taken(b',');
                }
                Json::Map(map)
            }
            b'[' => {
                self.at += 1;
                let mut list = Vec::new();
                while !self.taken(b']') {
                    list.push(self.value());
                    self.taken(b',');
                }
                Json::List(list)
            }
            b'"' => Json::Word(self.string()),
            _ => {
                let from = self.at;
                while !b",]} \n".contains(&self.bytes[self.at]) {
                    self.at += 1;
                }
                match std::str::from_utf8(&self.bytes[from..self.at]).unwrap() {
                    "null" => Json::Null,
                    word => Json::Word(word.to_string()),
                }
            }
        }
    }
}

impl Json {
    fn get(&self, name: &str) -> &Json {
        match self {
            Json::Map(map) => map.get(name).unwrap_or(&Json::Null),
            _ => &Json::Null,
        }
    }

    fn word(&self) -> &str {
        match self {
            Json::Word(word) => word,
            _ => "",
        }
    }

    fn list(&self) -> &[Json] {
        match self {
            Json::List(list) => list,
            _ => &[],
        }
    }

    fn sent(&self) -> Sent {
        match self {
            Json::Map(map) => map.iter().map(|(name, x)| (name.clone(), x.word().to_string())).collect(),
            _ => Sent::new(),
        }
    }

    fn integers(&self) -> Vec<i64> {
        self.list().iter().map(|x| x.word().parse().unwrap()).collect()
    }
}

// ---- the protocol -------------------------------------------------------------------------------

/// A format that arrays are kept in.
trait Number: Copy + Default + std::fmt::Debug {
    fn read(word: &str) -> Self;
    fn step(rule: &Rule, arrays: &mut [Vec<Self>], ones: &mut [f64], g: &[Self], t: Option<i64>, hyper: &Sent);
}

impl Number for f64 {
    fn read(word: &str) -> Self { word.parse().unwrap() }
    fn step(rule: &Rule, arrays: &mut [Vec<f64>], ones: &mut [f64], g: &[f64], t: Option<i64>, hyper: &Sent) { (rule.f64)(arrays, ones, g, t, hyper) }
}

impl Number for f32 {
    fn read(word: &str) -> Self { word.parse::<f64>().unwrap() as f32 }
    fn step(rule: &Rule, arrays: &mut [Vec<f32>], ones: &mut [f64], g: &[f32], t: Option<i64>, hyper: &Sent) { (rule.f32)(arrays, ones, g, t, hyper) }
}

fn quoted<T: std::fmt::Debug>(values: &[T]) -> String {
    let words: Vec<String> = values.iter().map(|x| format!("\"{}\"", format!("{x:?}").to_lowercase())).collect();
    format!("[{}]", words.join(","))
}

fn array<T: Number>(values: &Json) -> Vec<T> {
    values.list().iter().map(|x| T::read(x.word())).collect()
}

fn run<T: Number>(rule: &Rule, message: &Json) -> String {
    let (keep, t0) = (message.get("keep").integers(), message.get("t0").word().parse::<i64>().unwrap());
    let mut hyper = message.get("hyper").sent();
    let rows = message.get("grads").list();
    let mut answers = Vec::new();
    for (p, given) in message.get("params").list().iter().enumerate() {
        let theta: Vec<T> = array(given.get("theta0"));
        let mut arrays = vec![vec![T::default(); theta.len()]; 1 + rule.state.len()];
        arrays[0] = theta;
        let mut ones = vec![0.0; rule.state.len()];
        T::step(rule, &mut arrays, &mut ones, &[], None, &hyper);
        for (j, name) in rule.state.iter().enumerate() {
            if let x @ Json::List(_) = given.get("state0").get(name) {
                if rule.one[j] {
                    ones[j] = x.list().first().map_or(ones[j], |x| x.word().parse().unwrap());
                } else {
                    arrays[1 + j] = array(x);
                }
            }
        }
        let (mut thetas, mut states) = (Vec::new(), Vec::new());
        for (i, row) in rows.iter().enumerate() {
            let t = t0 + i as i64;
            if let Json::List(rates) = message.get("lr") {
                hyper.insert("lr".to_string(), rates[i].word().to_string());
            }
            if let Json::Map(courses) = message.get("courses") {
                hyper.extend(courses.iter().map(|(name, values)| (name.clone(), values.list()[i].word().to_string())));
            }
            if let g @ Json::List(_) = &row.list()[p] {
                let mut read = array::<T>(g); // what is given beside the gradient follows it
                for name in rule.inputs {
                    read.extend(array::<T>(&message.get("inputs").get(name).list()[i].list()[p]));
                }
                T::step(rule, &mut arrays, &mut ones, &read, Some(t), &hyper);
            }
            if keep.contains(&t) {
                thetas.push(quoted(&arrays[0]));
                let shown = |j: usize| if rule.one[j] { quoted(&vec![ones[j]; arrays[0].len()]) } else { quoted(&arrays[1 + j]) };
                let fields: Vec<String> = rule.state.iter().enumerate().map(|(j, name)| format!("\"{name}\":{}", shown(j))).collect();
                states.push(format!("{{{}}}", fields.join(",")));
            }
        }
        answers.push(format!("{{\"theta\":[{}],\"state\":[{}]}}", thetas.join(","), states.join(",")));
    }
    format!("{{\"seq\":{},\"params\":[{}]}}", message.get("seq").word(), answers.join(","))
}

fn start() -> String {
    let rules: Vec<String> = RULES.iter().map(|r| format!("\"{}\":{{\"hyper\":{:?},\"state\":{:?},\"resume\":true,\"courses\":true,\"inputs\":{:?}}}", r.name, r.hyper, r.state, r.inputs)).collect();
    let rates: Vec<String> = RATES.iter().map(|r| format!("\"{}\":{{\"hyper\":{:?}}}", r.name, r.hyper)).collect();
    let who = "{\"name\":\"generated Rust\",\"language\":\"rust\",\"version\":\"1\"}";
    format!(
        "{{\"protocol\":1,\"implementation\":{who},\"rules\":{{{}}},\"schedules\":{{{}}},\"dtypes\":[\"float64\",\"float32\"]}}",
        rules.join(","),
        rates.join(",")
    )
}

fn main() {
    for line in io::stdin().lock().lines().map_while(Result::ok) {
        let message = Reader { bytes: format!("{line}\n").as_bytes(), at: 0 }.value();
        let answer = match message.get("cmd").word() {
            "start" => start(),
            "stop" => break,
            "schedule" => {
                let rate = RATES.iter().find(|r| r.name == message.get("schedule").word()).unwrap();
                let rates: Vec<f64> = message.get("steps").integers().iter().map(|k| (rate.rate)(*k, &message.get("hyper").sent())).collect();
                format!("{{\"seq\":{},\"lr\":{}}}", message.get("seq").word(), quoted(&rates))
            }
            _ => {
                let rule = RULES.iter().find(|r| r.name == message.get("rule").word()).unwrap();
                if message.get("dtype").word() == "float32" { run::<f32>(rule, &message) } else { run::<f64>(rule, &message) }
            }
        };
        println!("{answer}");
        io::stdout().flush().unwrap();
    }
}
