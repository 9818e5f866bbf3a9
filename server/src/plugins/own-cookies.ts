import type { FastifyReply, FastifyRequest } from 'fastify'
import type { SignedIn, SignInPlace } from '../access/sign-in.ts'

export const SESSION_COOKIE = 'edumon_session'
/** By it a browser is known in which somebody signed in before. */
export const DEVICE_COOKIE = 'edumon_device'
type OwnCookie = typeof SESSION_COOKIE | typeof DEVICE_COOKIE

const DEVICE_DAYS = 400

/**
 * A cookie's name in the browser. Over TLS it has the prefix by which browsers take it from this very host and over TLS
 * alone: neither a neighbouring host nor somebody on the line can put one there.
 */
function cookieName(name: OwnCookie, is_secure: boolean): string {
  return is_secure ? `__Host-${name}` : name
}

export function readOwnCookie({ cookies, is_secure }: FastifyRequest, name: OwnCookie): string | null {
  return cookies[cookieName(name, is_secure)] ?? null
}

interface CookieOptions {
  path: string
  httpOnly: true
  sameSite: 'strict'
  secure: boolean
}

/** Cookies that scripts cannot read and other sites cannot have sent. */
function cookieOptions(is_secure: boolean): CookieOptions {
  return { path: '/', httpOnly: true, sameSite: 'strict', secure: is_secure }
}

/** From where a sign-in comes. */
export function placeOf(request: FastifyRequest): SignInPlace {
  return {
    remote_address: request.ip,
    user_agent: request.headers['user-agent'] ?? '',
    device_secret: readOwnCookie(request, DEVICE_COOKIE),
    request_id: request.id,
  }
}

/** Gives the browser its session, and lets it be known again. The session's cookie ends with the browser. */
export function setSessionCookies(reply: FastifyReply, signedIn: SignedIn): void {
  const { is_secure } = reply.request
  const options = cookieOptions(is_secure)
  void reply.setCookie(cookieName(SESSION_COOKIE, is_secure), signedIn.session_secret, options)
  if (signedIn.device_secret === null) return
  const lasting = { ...options, maxAge: DEVICE_DAYS * 86_400 }
  void reply.setCookie(cookieName(DEVICE_COOKIE, is_secure), signedIn.device_secret, lasting)
}

export function clearSessionCookie(reply: FastifyReply): void {
  const { is_secure } = reply.request
  void reply.clearCookie(cookieName(SESSION_COOKIE, is_secure), cookieOptions(is_secure))
}
