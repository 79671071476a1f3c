// Marks in the text the words that the open form is about, without touching the text.
import { rangesOf } from "./offsets.js";

const canPaint = "highlights" in CSS;
let about = "";

function parts() {
  const values = (name) => [...document.querySelectorAll(`#panel [data-form] [name=${name}]`)].map((field) => Number(field.value));
  const ends = values("end");
  return values("start").map((start, number) => [start, ends[number]]);
}

function paint() {
  const text = document.getElementById("text");
  const ranges = parts().flatMap(([start, end]) => rangesOf(start, end, text));
  if (canPaint) {
    CSS.highlights.set("selected", new Highlight(...ranges));
    for (const mark of text.querySelectorAll(".mark--selected")) mark.classList.remove("mark", "mark--selected");
  }
  const now = document.querySelector("#panel [data-form]")?.dataset.form ?? "";
  if (now && now !== about) ranges[0]?.startContainer.parentElement.scrollIntoView({ block: "nearest" });
  about = now;
}

document.body.addEventListener("htmx:afterSettle", paint);
paint();
