export type DataAreaState = 'loading' | 'value' | 'empty' | 'failed' | 'stale'
