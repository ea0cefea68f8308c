/** Answers by file and name, made once: two maps instead of one with joined keys, which would have to be built each time. */
export class FileMemo<T> {
  private readonly byFile = new Map<string, Map<string, T>>();

  get(file: string, name: string, make: () => T): T {
    let names = this.byFile.get(file);
    if (!names) {
      names = new Map();
      this.byFile.set(file, names);
    }
    let answer = names.get(name);
    if (answer === undefined && !names.has(name)) {
      answer = make();
      names.set(name, answer);
    }
    return answer as T;
  }

  clear(): void {
    this.byFile.clear();
  }
}
