// The few globals of the web platform that readers use: Node, Deno and browsers all have them. Core
// is compiled without the types of any platform, so what is used of them is declared here.

export interface WebTextDecoder {
  decode(bytes?: Uint8Array, options?: { readonly stream?: boolean }): string;
}

export interface WebReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(reason?: unknown): Promise<void>;
}

interface WebWriter {
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
  abort(reason?: unknown): Promise<void>;
}

export interface WebReadable {
  getReader(): WebReader;
}

interface WebPlatform {
  readonly TextDecoder: new (
    label?: string,
    options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean },
  ) => WebTextDecoder;
  readonly TextEncoder: new () => { encode(text: string): Uint8Array };
  readonly DecompressionStream: new (
    format: "gzip",
  ) => { readonly readable: WebReadable; readonly writable: { getWriter(): WebWriter } };
}

export const web = globalThis as unknown as WebPlatform;
