/** One value a name, made when it is first asked for. What could not be made is made again the next time. */
export class Kept<T> {
  private readonly values = new Map<string, Promise<T>>();

  get(name: string, make: () => Promise<T>): Promise<T> {
    let value = this.values.get(name);
    if (value === undefined) {
      value = make();
      value.catch(() => this.values.delete(name));
      this.values.set(name, value);
    }
    return value;
  }
}
