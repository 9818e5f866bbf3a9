import helmet from '@fastify/helmet'
import fp from 'fastify-plugin'

const DAY_S = 24 * 3600
/** What a page of ours never uses, so that nothing that gets into it can either. */
const UNUSED_FEATURES = ['camera', 'display-capture', 'geolocation', 'microphone', 'payment', 'usb']

interface HeaderOptions {
  /** Browsers are told for this many days to come by TLS only; 0: they are not told. */
  hsts_days: number
  /** The measurement server, ws or wss: the one other place that pages of ours speak with. */
  measurement_url: string
}

/**
 * Headers by which browsers confine our pages: scripts are files of ours, nobody frames us, forms go nowhere else.
 * Inline styles are allowed, since charts set them. TLS is only asked for in answers that go out by TLS.
 */
export default fp<HeaderOptions>(
  async (app, { hsts_days, measurement_url }) => {
    await app.register(helmet, {
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'self'"],
          baseUri: ["'none'"],
          connectSrc: ["'self'", measurement_url, measurement_url.replace(/^ws/, 'http')],
          fontSrc: ["'self'"],
          formAction: ["'self'"],
          frameAncestors: ["'none'"],
          frameSrc: ["'none'"],
          imgSrc: ["'self'", 'data:', 'blob:'],
          objectSrc: ["'none'"],
          scriptSrc: ["'self'"],
          scriptSrcAttr: ["'none'"],
          styleSrc: ["'self'", "'unsafe-inline'"],
        },
      },
      crossOriginOpenerPolicy: { policy: 'same-origin' },
      crossOriginResourcePolicy: { policy: 'same-origin' },
      referrerPolicy: { policy: 'same-origin' },
      xFrameOptions: { action: 'deny' },
      strictTransportSecurity: false,
    })
    const features = UNUSED_FEATURES.map((name) => `${name}=()`).join(', ')
    app.addHook('onRequest', (request, reply, next) => {
      reply.header('permissions-policy', features)
      if (hsts_days > 0 && request.protocol === 'https') {
        reply.header('strict-transport-security', `max-age=${hsts_days * DAY_S}; includeSubDomains`)
      }
      next()
    })
  },
  { name: 'headers' },
)
