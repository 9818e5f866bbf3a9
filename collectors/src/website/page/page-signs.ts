/**
 * Words and marks by which a page that is not the school's own gives itself away. Every list is matched against a page
 * that is small and leads nowhere (see judge-page.ts): a real school page may say any of these words in its news.
 */

/** A robot check, by script, resource or text. */
export const CHALLENGE_MARKS =
  /challenge-platform|cf[-_]chl|__cf_chl|check\.ddos-guard\.net|ddos-guard\/js-challenge|\/\.well-known\/ddos-guard|__qrator|qrator[-_]|stormwall|_?sw_?challenge|testcookie|aes\.js|slowAES|bunkerweb|\/antibot\/|servicepipe|variti/i

export const CHALLENGE_WORDS =
  /just a moment|checking (if the site connection is secure|your browser)|verify(ing)? (that )?you are (a )?human|ddos[- ]guard|ddos protection|проверка (вашего )?браузера|проверяем ваш браузер|проверка безопасности (браузера|подключения)|идёт проверка|идет проверка|подождите[^.]{0,40}перенаправ|attention required/i

/** A page that sets a cookie by script and loads itself again. */
export const COOKIE_RELOAD = /document\.cookie\s*=[\s\S]{0,2000}?location(\.href\s*=|\.reload|\.replace|\s*=)/

export const CAPTCHA_MARKS =
  /g-recaptcha|recaptcha\/api|h-captcha|hcaptcha\.com|smart-?captcha|captcha-api\.yandex|cf-turnstile|turnstile\/v0|showcaptcha|captcha\.php/i

export const CAPTCHA_WORDS =
  /вы не робот|не робот\b|подтвердите, что (запросы|вы)|введите (символы|код|текст) с (картинки|изображения)|captcha|капч[аиуе]|prove you are human/i

/** What a refusal that is meant for robots says. */
export const ROBOT_WORDS =
  /\bbot\b|\bbots\b|robot|робот|автоматическ\S+ (запрос|обращени)|automated|crawler|user[- ]agent|подозрительн\S+ (активност|трафик|запрос)|suspicious|web application firewall|\bwaf\b|ddos|ваш ip|your ip|incident id|ray id|too many requests|слишком много запросов/i

/** Protection services that refuse in front of a site, by the Server header. */
export const PROTECTION_SERVERS =
  /^(cloudflare|ddos-guard|qrator|variti|stormwall|sucuri|akamaighost|servicepipe|imperva|ngenix)/i

export const PARKED_WORDS =
  /домен(?:[^.!]|\.(?=\S)){0,60}(продаётся|продается|продаются|припаркован|выставлен на продажу|свободен|не делегирован|истёк|истек)|купить (этот )?домен|(продажа|аукцион) домен|срок (регистрации|действия) домена|domain(?:[^.!]|\.(?=\S)){0,60}(is for sale|for sale|is parked|has expired|expired)|buy this domain|parked (free|domain)|sedoparking|parkingcrew|домен зарегистрирован/i

export const HOSTER_WORDS =
  /welcome to nginx|apache2? (debian|ubuntu|centos)?\s*default page|^\s*it works!|default web site page|iis windows server|test page for (the )?(apache|nginx)|plesk|ispmanager|vesta\s?cp|index of \/|account (has been )?suspended|site (is )?suspended|аккаунт[^.]{0,40}(заблокирован|приостановлен|отключ[её]н)|(хостинг|обслуживание|сайт|работа сайта)[^.]{0,60}(приостановлен|заблокирован|отключ[её]н|удал[её]н)|не (прилинкован|привязан|подключ[её]н) (ни )?к|сайт (ещё )?не (настроен|создан|опубликован|размещ[её]н)|(здесь|тут|на этом домене)[^.]{0,40}(будет|появится|пока нет|ещ[её] нет)[^.]{0,20}сайт|сайт только что создан|new site has been created|this site is (hosted|temporarily unavailable)|website coming soon|сайт не найден на сервере|hosting24|хостинг-провайдер/i

export const REPAIR_WORDS =
  /сайт(?:[^.!]|\.(?=\S)){0,80}(на ремонте|ремонтиру|реконструкц|в разработке|разрабатыва|на обслуживании|техническ\S+ (работ|обслуживан)|временно (недоступ|не работает|закрыт|отключ)|скоро (верн|зараб|откро)|обновля|в стадии)|(веду|провод|ид[уё])тся техническ\S+ работ|техническ(ие|ое) (работы|обслуживание)|мы сломались|скоро верн[её]мся|профилактическ\S+ работ|under (construction|maintenance)|(site|scheduled|maintenance) (is )?(down|maintenance|mode)|back soon|be right back|briefly unavailable for scheduled/i

/** Words that a school's own page has nearly always. */
export const SCHOOL_WORDS =
  /школ|лице[йя]|гимнази|колледж|техникум|детск\S+ сад|образовательн|обучающ|учащ[еи]|ученик|педагог|директор|воспитан|расписани|дневник/i
