import type { GuideMessages } from '../schema.ts'

export const guide: GuideMessages = {
  guide: {
    text: 'The first visit, the network and everything that is mended on the spot. In this order; each part can be done alone.',
    visit: {
      title: 'First visit',
      steps: [
        'On the register: Main menu → Fiscal registrar → Fiscal mode, log in, choose the default tax, enable the web cashier. The screen shows an address and a key of eight digits.',
        'Start the server on the shop’s computer: HOST=0.0.0.0 TLS=auto npm start. It prints an address, a QR code, the pairing code and, apart from it, the owner’s code.',
        'On the tablet open the page of trust by the QR code, install the certificate, then open the terminal’s address.',
        'Choose the language, type the register’s address and key. The terminal reads the state first and names the cause if something is wrong.',
        'Load the goods from the register, from iiko or from a file, and look at prices and taxes in the preview.',
        'Add cashiers with their PINs, install the terminal as an app, save a backup.',
        'Register the first receipt together with the cashier: the paper has the mark and a barcode under it.',
      ].join('\n'),
    },
    network: {
      title: 'Network',
      steps: [
        'Register and tablet are in one network. A guest network and “client isolation” of the router don’t do: the devices don’t see each other.',
        'Give the register and the tablet fixed addresses in the router. The register always answers on port 8080.',
        'When Chrome asks for access to the local network, allow it.',
        'No sale needs the internet: only the register does, to report receipts, and iiko.',
        'The register takes one request a second: that is no fault.',
      ].join('\n'),
    },
    key: {
      title: 'The register’s key',
      steps: [
        'The key of eight digits changes with each document; the terminal follows it by itself.',
        'Type it only when the terminal asks: look at the register’s screen and type the digits, or read the QR code with the camera.',
        'If the key is asked for again and again, somebody else sells on this register: another tablet or the web cashier. Leave one of them.',
        'The key is kept on the tablet only. The link for the next tablet doesn’t have it.',
      ].join('\n'),
    },
    certificate: {
      title: 'Certificate',
      steps: [
        'The server makes its certificate and renews it by itself. The page of trust opens by the QR code that it prints.',
        'Android: download the certificate, Settings → Security → Install certificates → CA certificate.',
        'iPad: install the profile, then Settings → General → About → Certificate Trust Settings.',
        'Compare the fingerprint on the tablet with the printed one. If they differ, don’t install it.',
        'The browser says “not secure” again: check the tablet’s date and the address, then open the page of trust once more.',
      ].join('\n'),
    },
    relay: {
      title: 'Through the server',
      steps: [
        'The way through the server is for browsers that allow no direct one: iPad, Safari, Firefox.',
        'Name the register on the server: IKKM_DEVICES=main=http://192.168.1.50:8080. On the tablet choose “Through the server” and that name.',
        'The server lets one tablet at the register. To hand it on: register page → “Take the register over”.',
        'The server is off: go on selling, the receipts wait in the queue and leave by themselves.',
      ].join('\n'),
    },
    tablets: {
      title: 'Several tablets',
      steps: [
        'The next tablet: Settings → “Connect another tablet”, point its camera at the QR code. It reads the key from the register’s screen.',
        'Each tablet has letters of its own in the mark: they tell where a receipt was made.',
        'One tablet sells at one register. A second tablet gets a second register.',
        'Tablets of the server: npx tsx proxy/tills.ts list; take one back: revoke and its number.',
      ].join('\n'),
    },
    replace: {
      title: 'Replacing a tablet',
      steps: [
        'Pair the new tablet with the server and open the screen that connects a register: “Replace a lost tablet”.',
        'Type the owner’s code and choose the till. Journal, queue, goods and cashiers come here.',
        'The terminal first looks at the register for what may be registered already. What can’t be found is one question: look for the mark on the paper.',
        'The old tablet sells no more after that, and says why.',
        'Without a server: read a backup. It shows the history and registers nothing by itself.',
      ].join('\n'),
    },
    backup: {
      title: 'Backups',
      steps: [
        'Tablet: Settings → “Backup”, one file with journal, queue and settings.',
        'Server: npm run server:backup -- FILE, also while it runs. Check: npm run server:check.',
        'To restore the server: stop it and run server:backup -- --restore FILE. The tablets send the rest by themselves.',
        'An installed app keeps data better than a tab: Safari wipes a tab after seven days without use.',
      ].join('\n'),
    },
    red: {
      title: 'When it is red',
      steps: [
        'Read the bar under the header: it has one sentence and one button.',
        'The register’s sign is red: register page → “Check”. The terminal names one cause and the steps.',
        'Paper, cover, battery: see the register’s card. Restart a register that hangs; the receipt is printed to its end by itself.',
        'A red entry in the queue: the register refused. Correct the receipt or write it off with a reason; it is not registered twice.',
        'A question about a receipt: answer by the paper, comparing the mark. If unsure, don’t answer; you can go on selling.',
        'A shift older than 24 hours: close it on the shift’s screen.',
        'A warning about storage: install the app and make room on the tablet.',
        'An error with a number: the number stands on the register page and in the server’s log; give it to the support.',
      ].join('\n'),
    },
  },
}
