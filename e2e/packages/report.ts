/** Counts checks and prints a line for each. */
export class Report {
  private passed = 0;
  private failed = 0;

  /**
   * Passes when `work` finds no fault. What it throws is one. The answer is that of `work`, or nothing when it failed.
   */
  public async check<T>(name: string, work: (faults: string[]) => T | Promise<T>): Promise<T | undefined> {
    const faults: string[] = [];
    const result = await Promise.resolve(faults).then(work).catch((error: Error) => {
      faults.push(error.message);
      return undefined;
    });
    if (faults.length === 0) {
      this.passed += 1;
      console.log(`passed: ${name}`);
      return result;
    }
    this.failed += 1;
    console.log([`FAILED: ${name}`, ...faults.slice(0, 10)].join('\n  '));
    return undefined;
  }

  /** Whether something passed and nothing failed. */
  public get good(): boolean {
    return this.passed > 0 && this.failed === 0;
  }

  public summary(): string {
    return `${this.passed} passed, ${this.failed} failed`;
  }
}
