/** Kinds of line. `none`: the building has no connection. */
export const TECHNOLOGIES = ['fibre', 'xdsl', 'radio', 'cellular', 'satellite', 'none'] as const
export type Technology = (typeof TECHNOLOGIES)[number]

/** Whether a contract's speed is guaranteed or a limit. */
export const SPEED_TERMS = ['guaranteed', 'up_to'] as const
export type SpeedTerms = (typeof SPEED_TERMS)[number]
