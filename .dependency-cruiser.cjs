/** Import directions of the project; the architecture test runs them. */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'web-is-alone', severity: 'error', from: { path: '^web/' }, to: { path: '^(server|collectors|tests)/' } },
    {
      name: 'collectors-know-the-contract-only',
      severity: 'error',
      from: { path: '^collectors/' },
      to: { path: '^server/', pathNot: '^server/src/contract/' },
    },
    {
      name: 'server-knows-no-collector',
      severity: 'error',
      from: { path: '^server/' },
      to: { path: '^(collectors|web|tests)/' },
    },
    {
      name: 'a-collector-knows-no-other',
      severity: 'error',
      from: { path: '^collectors/src/(website|speedtest|sheet|school-agent)/' },
      // The school's agent is made of the speed test; nothing else is of use to another.
      to: {
        path: '^collectors/src/(website|speedtest|sheet|school-agent)/',
        pathNot: '^collectors/src/($1|speedtest)/',
      },
    },
    {
      name: 'contract-is-leaf',
      severity: 'error',
      from: { path: '^server/src/contract/' },
      to: { pathNot: '^(server/src/contract/|node_modules/typebox)' },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: '^server/src/domain/' },
      to: {
        path: '^server/src/(db|plugins|routes|jobs|intake|indicators|config)|^(node:fs|node:net|node:http|fastify|kysely|pg)',
      },
    },
    {
      name: 'a-resource-knows-no-other',
      severity: 'error',
      from: { path: '^server/src/routes/([^/]+)/' },
      to: { path: '^server/src/routes/([^/]+)/', pathNot: '^server/src/routes/$1/' },
    },
    {
      name: 'components-take-props',
      severity: 'error',
      from: { path: '^web/src/components/' },
      to: { path: '^web/src/(stores|api)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'chart-options-are-pure',
      severity: 'error',
      from: { path: '^web/src/charts/options/' },
      to: {
        path: '^(node_modules/(vue|vue-i18n|pinia)/|web/src/(api|stores|composables))',
        dependencyTypesNot: ['type-only'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.vue', '.js', '.json'],
    },
    exclude: { path: '(^|/)(dist|node_modules/\\.cache)/' },
  },
}
