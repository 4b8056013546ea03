// The part of jsfive that is used; the package has no types.

declare module "jsfive" {
  export class Group {
    readonly keys: string[];
    readonly attrs: object;
    get(path: string): Group | Dataset | null;
  }
  export class File extends Group {
    constructor(bytes: ArrayBuffer, name?: string);
  }
  export class Dataset {
    readonly shape: number[];
    readonly dtype: unknown;
    readonly value: unknown;
  }
}
