/** Words of the page on which a tablet learns to trust the shop's certificate authority. */
export interface TrustWords {
  readonly title: string
  readonly why: string
  readonly download: string
  readonly fingerprint: string
  readonly android: readonly string[]
  readonly ipad: readonly string[]
  readonly windows: readonly string[]
  readonly open: string
}

export const TRUST_LANGUAGES = ['ru', 'kk', 'en'] as const
export type TrustLanguage = (typeof TRUST_LANGUAGES)[number]

export const LANGUAGE_NAMES: Readonly<Record<TrustLanguage, string>> = { ru: 'Русский', kk: 'Қазақша', en: 'English' }

export const TRUST_WORDS: Readonly<Record<TrustLanguage, TrustWords>> = {
  ru: {
    title: 'Доверие к серверу терминала',
    why: 'Планшет должен один раз поверить сертификату этого магазина. После этого терминал ставится на экран и работает без сети.',
    download: 'Скачать сертификат',
    fingerprint: 'Отпечаток SHA-256. Сравните его с тем, что напечатал сервер при запуске:',
    android: [
      'Скачайте сертификат кнопкой выше.',
      'Настройки → Безопасность → Другие настройки безопасности → Шифрование и учётные данные.',
      'Установка сертификата → Сертификат ЦС → Всё равно установить, затем выберите скачанный файл.',
    ],
    ipad: [
      'Откройте эту страницу в Safari, скачайте сертификат и разрешите загрузку профиля.',
      'Настройки → Профиль загружен → Установить.',
      'Настройки → Основные → Об этом устройстве → Доверие сертификатам: включите сертификат.',
    ],
    windows: [
      'Скачайте сертификат, откройте файл и нажмите «Установить сертификат».',
      'Текущий пользователь → Поместить все сертификаты в следующее хранилище → Доверенные корневые центры сертификации.',
      'Закройте все окна браузера и откройте его снова.',
    ],
    open: 'Открыть терминал',
  },
  kk: {
    title: 'Терминал серверіне сену',
    why: 'Планшет осы дүкеннің сертификатына бір рет сенуі керек. Содан кейін терминал экранға орнатылады және желісіз жұмыс істейді.',
    download: 'Сертификатты жүктеп алу',
    fingerprint: 'SHA-256 таңбасы. Оны сервер іске қосылғанда басып шығарған таңбамен салыстырыңыз:',
    android: [
      'Жоғарыдағы түймемен сертификатты жүктеп алыңыз.',
      'Параметрлер → Қауіпсіздік → Басқа қауіпсіздік параметрлері → Шифрлау және есептік деректер.',
      'Сертификатты орнату → CA сертификаты → Бәрібір орнату, содан кейін жүктелген файлды таңдаңыз.',
    ],
    ipad: [
      'Осы бетті Safari-де ашып, сертификатты жүктеп алыңыз және профильді жүктеуге рұқсат беріңіз.',
      'Параметрлер → Профиль жүктелді → Орнату.',
      'Параметрлер → Негізгі → Осы құрылғы туралы → Сертификаттарға сену: сертификатты қосыңыз.',
    ],
    windows: [
      'Сертификатты жүктеп алып, файлды ашыңыз және «Сертификатты орнату» түймесін басыңыз.',
      'Ағымдағы пайдаланушы → Барлық сертификаттарды келесі қоймаға орналастыру → Сенімді түбірлік сертификаттау орталықтары.',
      'Браузердің барлық терезелерін жауып, қайта ашыңыз.',
    ],
    open: 'Терминалды ашу',
  },
  en: {
    title: 'Trust the terminal server',
    why: 'The tablet has to trust this shop’s certificate once. After that the terminal installs on the screen and works without a network.',
    download: 'Download the certificate',
    fingerprint: 'SHA-256 fingerprint. Compare it with the one that the server printed at its start:',
    android: [
      'Download the certificate with the button above.',
      'Settings → Security → More security settings → Encryption and credentials.',
      'Install a certificate → CA certificate → Install anyway, then choose the downloaded file.',
    ],
    ipad: [
      'Open this page in Safari, download the certificate and allow the profile.',
      'Settings → Profile Downloaded → Install.',
      'Settings → General → About → Certificate Trust Settings: switch the certificate on.',
    ],
    windows: [
      'Download the certificate, open the file and choose “Install Certificate”.',
      'Current User → Place all certificates in the following store → Trusted Root Certification Authorities.',
      'Close every window of the browser and open it again.',
    ],
    open: 'Open the terminal',
  },
}
