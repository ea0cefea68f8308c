/** Starts the page: the data is in the document, the plain report gives way. */
import { render } from "preact";
import type { PageData } from "../page-data.ts";
import { readReport } from "./model/report.ts";
import { App } from "./view/app.tsx";

const data = JSON.parse(document.getElementById("data")!.textContent!) as PageData;
const app = document.getElementById("app")!;
const paper = document.createElement("div");
paper.id = "paper";
app.after(paper);
render(<App report={readReport(data)} />, app);
document.getElementById("plain")?.remove();
