/** Filters beside the list: every value is a bar that can be switched on and off. */
import { useState } from "preact/hooks";
import { visible } from "../../../hidden-characters.ts";
import { FIX_LEVELS } from "../../words.ts";
import { type Chosen, FACETS, type Facet, type Filtered, NO_MODULE } from "../model/filter.ts";
import { type Counts, total } from "../model/report.ts";
import { RiskBar, Total } from "./bars.tsx";
import { Text } from "./text.tsx";

/** Values of a facet that are shown until one asks for the rest. */
const SHOWN = 8;

const TITLES: Record<Facet, string> = { risk: "Risk", fix: "Fix", family: "Family", module: "Module", rule: "Rule" };

interface Props {
  values: Readonly<Record<Facet, readonly string[]>>;
  counts: Filtered["counts"];
  chosen: Chosen;
  onToggle(facet: Facet, value: string): void;
}

export function Facets({ values, counts, chosen, onToggle }: Props) {
  return (
    <div class="facets">
      {FACETS.map((facet) => (
        <FacetGroup
          facet={facet}
          values={values[facet]}
          counts={counts[facet]}
          chosen={chosen[facet]}
          onToggle={(value) => onToggle(facet, value)}
        />
      ))}
    </div>
  );
}

interface GroupProps {
  facet: Facet;
  values: readonly string[];
  counts: ReadonlyMap<string, Counts>;
  chosen: readonly string[];
  onToggle(value: string): void;
}

const NOTHING: Counts = [0, 0, 0, 0];

function FacetGroup({ facet, values, counts, chosen, onToggle }: GroupProps) {
  const [all, setAll] = useState(false);
  if (values.length === 0) return null;
  const shown = all ? values : values.filter((value, i) => i < SHOWN || chosen.includes(value));
  const most = Math.max(...values.map((value) => total(counts.get(value) ?? NOTHING)), 1);
  return (
    <fieldset class="facet">
      <legend>{TITLES[facet]}</legend>
      {shown.map((value) => {
        const own = counts.get(value) ?? NOTHING;
        const label = facetLabel(facet, value);
        return (
          <button
            type="button"
            class="facet-value"
            aria-pressed={chosen.includes(value)}
            data-value={visible(value)}
            data-empty={total(own) === 0}
            onClick={() => onToggle(value)}
          >
            <span class="facet-name" title={visible(label)}>
              <Text text={label} />
            </span>
            <span class="facet-count">
              <Total counts={own} />
            </span>
            <RiskBar counts={own} most={most} />
          </button>
        );
      })}
      {values.length > SHOWN && (
        <button type="button" class="link more" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? "Fewer" : `All ${values.length}`}
          <span class="off-screen"> of {TITLES[facet].toLowerCase()}</span>
        </button>
      )}
    </fieldset>
  );
}

/** What a value of a facet is called. */
export function facetLabel(facet: Facet, value: string): string {
  if (facet === "module" && value === NO_MODULE) return "in no known module";
  if (facet !== "fix") return value;
  return value in FIX_LEVELS ? FIX_LEVELS[value as keyof typeof FIX_LEVELS] : "no fix known";
}
