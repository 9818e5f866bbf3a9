/** The part of postject that we use; the package brings no types. */
declare module 'postject' {
  export function inject(
    executable: string,
    resource_name: string,
    resource: Buffer,
    options: { sentinelFuse: string },
  ): Promise<void>
}
