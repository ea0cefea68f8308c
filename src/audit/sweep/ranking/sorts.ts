/** Orders of a ranking: by group and score, by least effort, by name, else by what there is most of. */
export const SORTS = ["score", "effort", "high", "findings", "lines", "popularity", "name"] as const;
export type Sort = (typeof SORTS)[number];
