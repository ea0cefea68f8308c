/**
 * Reads a parsed tree straight from the parser's memory. A cursor costs several calls into WebAssembly for each node, more
 * than the parse itself; here a node costs a few array reads. The layout is that of `subtree.h`, `tree.h` and
 * `parser.h` of tree-sitter, which is no public interface: `grammar.ts` compares both ways on a sample before this one
 * is used, and falls back to the cursor if they differ.
 */
import type { LoadedGrammar } from "./grammar.ts";
import { ERROR_TYPE_ID, type PlainTree, TreeBuilder } from "./parse-builder.ts";

// SubtreeHeapData, in bytes.
const PADDING = 4;
const SIZE = 16;
const CHILD_COUNT = 36;
const SYMBOL = 40;
const FLAGS = 44;
const PRODUCTION = 66;
const VISIBLE = 1;
const NAMED = 2;
const EXTRA = 4;
const HEAP_MISSING = 1 << 9;
const INLINE_VISIBLE = 2;
const INLINE_NAMED = 4;
const INLINE_EXTRA = 8;
const INLINE_MISSING = 32;
/** A subtree is a pointer or eight bytes of data. */
const SUBTREE = 8;

// TSTree and TSLanguage.
const TREE_LANGUAGE = 8;
const MAX_ALIAS_SEQUENCE_LENGTH = 36;
const FIELD_MAP_SLICES = 64;
const FIELD_MAP_ENTRIES = 68;
const SYMBOL_METADATA = 72;
const PUBLIC_SYMBOL_MAP = 76;
const ALIAS_SEQUENCES = 84;

/** Children still to be read of one node. */
interface Frame {
  /** Address of the next child. */
  child: number;
  /** Address after the last child. */
  end: number;
  /** Where the next child's padding begins, in bytes. */
  position: number;
  /** Index of the next child, extras not counted. */
  structural: number;
  /** Address of the production's aliases, 0 if it has none. */
  aliases: number;
  /** Field entries of the production: first and last (exclusive) address. */
  fields: number;
  fieldsEnd: number;
  /** Field of the hidden node itself, which its children have if they have none of their own. */
  inherited: number;
  /** The frame is that of a node of the plain tree. */
  visible: boolean;
}

export interface HeapMemory {
  readonly buffer: ArrayBuffer;
}

/** The tree whose root slot is at `tree`. `text` is what was parsed. */
export function readTree(memory: HeapMemory, tree: number, grammar: LoadedGrammar, text: string): PlainTree {
  const bytes = new Uint8Array(memory.buffer);
  const shorts = new Uint16Array(memory.buffer);
  const words = new Uint32Array(memory.buffer);
  const language = words[(tree + TREE_LANGUAGE) >> 2]!;
  const maxAliases = shorts[(language + MAX_ALIAS_SEQUENCE_LENGTH) >> 1]!;
  const slices = words[(language + FIELD_MAP_SLICES) >> 2]!;
  const entries = words[(language + FIELD_MAP_ENTRIES) >> 2]!;
  const metadata = words[(language + SYMBOL_METADATA) >> 2]!;
  const publicSymbols = words[(language + PUBLIC_SYMBOL_MAP) >> 2]!;
  const aliasSequences = words[(language + ALIAS_SEQUENCES) >> 2]!;
  const frames: Frame[] = [];
  let depth = -1;

  const publicSymbol = (symbol: number): number =>
    symbol >= ERROR_TYPE_ID - 1 ? symbol : shorts[(publicSymbols >> 1) + symbol]!;

  /** Goes on with the children of the heap subtree at `node`, whose own text begins at byte `position`. */
  const push = (node: number, position: number, inherited: number, visible: boolean): void => {
    const count = words[(node + CHILD_COUNT) >> 2]!;
    const production = shorts[(node + PRODUCTION) >> 1]!;
    depth++;
    let frame = frames[depth];
    if (!frame) {
      frame = {
        child: 0,
        end: 0,
        position: 0,
        structural: 0,
        aliases: 0,
        fields: 0,
        fieldsEnd: 0,
        inherited: 0,
        visible: false,
      };
      frames.push(frame);
    }
    frame.child = node - count * SUBTREE;
    frame.end = node;
    // The first child's padding is that of the node.
    frame.position = count > 0 ? position - paddingOf(frame.child) : position;
    frame.structural = 0;
    frame.aliases = production === 0 ? 0 : aliasSequences + production * maxAliases * 2;
    const slice = (slices >> 1) + production * 2;
    frame.fields = entries + shorts[slice]! * 4;
    frame.fieldsEnd = slices === 0 ? frame.fields : frame.fields + shorts[slice + 1]! * 4;
    frame.inherited = inherited;
    frame.visible = visible;
  };

  const paddingOf = (slot: number): number => {
    const word = words[slot >> 2]!;
    return (word & 1) !== 0 ? bytes[slot + 6]! : words[(word + PADDING) >> 2]!;
  };

  const root = words[tree >> 2]!;
  if ((root & 1) !== 0) {
    // A tree without children fits into its slot.
    const start = bytes[tree + 6]! >> 1;
    return new TreeBuilder(
      grammar,
      text,
      publicSymbol(bytes[tree + 1]!),
      start,
      start + (bytes[tree + 7]! >> 1),
    ).finish();
  }
  const rootStart = words[(root + PADDING) >> 2]!;
  const rootEnd = rootStart + words[(root + SIZE) >> 2]!;
  const builder = new TreeBuilder(
    grammar,
    text,
    publicSymbol(shorts[(root + SYMBOL) >> 1]!),
    rootStart >> 1,
    rootEnd >> 1,
  );
  push(root, rootStart, 0, false);

  while (depth >= 0) {
    const frame = frames[depth]!;
    if (frame.child === frame.end) {
      if (frame.visible) builder.leave();
      depth--;
      continue;
    }
    const slot = frame.child;
    frame.child += SUBTREE;
    const node = words[slot >> 2]!;
    let symbol: number;
    let start: number;
    let size: number;
    let visible: boolean;
    let named: boolean;
    let extra: boolean;
    let missing: boolean;
    const inline = (node & 1) !== 0;
    if (inline) {
      symbol = bytes[slot + 1]!;
      start = frame.position + bytes[slot + 6]!;
      size = bytes[slot + 7]!;
      visible = (node & INLINE_VISIBLE) !== 0;
      named = (node & INLINE_NAMED) !== 0;
      extra = (node & INLINE_EXTRA) !== 0;
      missing = (node & INLINE_MISSING) !== 0;
    } else {
      symbol = shorts[(node + SYMBOL) >> 1]!;
      start = frame.position + words[(node + PADDING) >> 2]!;
      size = words[(node + SIZE) >> 2]!;
      const flags = shorts[(node + FLAGS) >> 1]!;
      visible = (flags & VISIBLE) !== 0;
      named = (flags & NAMED) !== 0;
      extra = (flags & EXTRA) !== 0;
      missing = (flags & HEAP_MISSING) !== 0;
    }
    frame.position = start + size;
    let field = 0;
    if (!extra) {
      const index = frame.structural++;
      if (frame.aliases !== 0) {
        const alias = shorts[(frame.aliases >> 1) + index]!;
        if (alias !== 0) {
          symbol = alias;
          visible = true;
          named = bytes[metadata + alias * 3 + 1] !== 0;
        }
      }
      for (let entry = frame.fields; entry < frame.fieldsEnd; entry += 4) {
        // field id, child index, inherited
        if (bytes[entry + 2] === index && bytes[entry + 3] === 0) {
          field = shorts[entry >> 1]!;
          break;
        }
      }
      if (field === 0) field = frame.inherited;
    }
    if (!visible) {
      if (!inline) push(node, start, field, false);
      continue;
    }
    const from = start >> 1;
    const to = (start + size) >> 1;
    if (!named) {
      builder.token(field, from, to, missing);
      continue;
    }
    if (!builder.enter(publicSymbol(symbol), field, from, to, missing)) continue;
    if (inline) builder.leave();
    else push(node, start, 0, true);
  }
  return builder.finish();
}
