/** What is printed: the findings that are shown, in full. */
import { FIX_LEVELS, plural } from "../../words.ts";
import { countRisks, countsText, type Item, type Report } from "../model/report.ts";
import { CodeFrame } from "./code.tsx";
import { Path, Prose, Text } from "./text.tsx";

const AROUND = 2;

export function Printed({ report, items }: { report: Report; items: readonly Item[] }) {
  const { data } = report;
  return (
    <>
      <h1>
        <Text text={data.project} />
      </h1>
      <p>
        {plural(items.length, "finding")}
        {items.length < report.items.length && ` of ${report.items.length}`} ({countsText(countRisks(items))}) for
        free-threaded CPython {data.target}, by {data.tool.name} {data.tool.version}
      </p>
      {items.map((item) => (
        <section class="printed">
          <h2>
            {item.risk}: {item.ruleName}
          </h2>
          <p>
            <Path path={item.fileName} />:{item.line}
            {item.function !== "" && (
              <>
                {" in "}
                <Text text={item.function} />
              </>
            )}
          </p>
          <p>
            <Prose text={item.message} />
          </p>
          <CodeFrame file={data.files[item.file]} place={item} inside="" around={AROUND} most={AROUND} />
          <ol>
            {item.evidence.map((step) => (
              <li>
                <Path path={data.files[step.file].name} />:{step.line} <Prose text={step.text} />
              </li>
            ))}
          </ol>
          {item.fix && (
            <p>
              Fix ({FIX_LEVELS[item.fix.level]}): <Prose text={item.fix.title} />
            </p>
          )}
        </section>
      ))}
    </>
  );
}
