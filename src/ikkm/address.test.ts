import { describe, expect, it } from 'vitest'
import { addressSpace, deviceOrigin, targetAddressSpace } from './address.ts'

describe('where the device stands', () => {
  it.each([
    ['localhost', 'loopback'],
    ['kassa.localhost', 'loopback'],
    ['127.0.0.1', 'loopback'],
    ['127.255.0.9', 'loopback'],
    ['[::1]', 'loopback'],
    ['10.0.0.5', 'local'],
    ['172.16.0.1', 'local'],
    ['172.31.255.255', 'local'],
    ['172.32.0.1', 'public'],
    ['192.168.1.50', 'local'],
    ['192.169.1.50', 'public'],
    ['169.254.7.7', 'local'],
    ['100.64.0.1', 'local'],
    ['100.128.0.1', 'public'],
    ['8.8.8.8', 'public'],
    ['[fd12::1]', 'local'],
    ['[fe80::1]', 'local'],
    ['[2001:db8::1]', 'public'],
    ['kassa.local', 'local'],
    ['kassa.local.', 'local'],
    ['kassa', 'unknown'],
    ['kassa.shop.kz', 'unknown'],
  ])('%s is %s', (host, space) => {
    expect(addressSpace(host)).toBe(space)
  })

  it('names an address space to the browser only where that is right or nothing works without', () => {
    expect(targetAddressSpace('192.168.1.50', 'http:')).toBe('local')
    expect(targetAddressSpace('127.0.0.1', 'http:')).toBe('loopback')
    expect(targetAddressSpace('kassa.shop.kz', 'https:')).toBe('local')
    expect(targetAddressSpace('kassa.shop.kz', 'http:')).toBeNull()
    expect(targetAddressSpace('8.8.8.8', 'https:')).toBeNull()
  })

  it.each([
    ['192.168.1.50', 'http://192.168.1.50:8080'],
    [' 192.168.1.50/ ', 'http://192.168.1.50:8080'],
    ['192.168.1.50:9000', 'http://192.168.1.50:9000'],
    ['192.168.1.50:80', 'http://192.168.1.50'],
    ['http://192.168.1.50', 'http://192.168.1.50'],
    ['HTTP://10.0.0.5:8080/api', 'http://10.0.0.5:8080'],
    ['kassa.local', 'http://kassa.local:8080'],
    ['localhost:3000', 'http://localhost:3000'],
    ['[fd12::1]', 'http://[fd12::1]:8080'],
    ['https://kassa.shop.kz', 'https://kassa.shop.kz'],
    ['', null],
    ['two words', null],
    ['ftp://192.168.1.50', null],
    ['http://user:pass@192.168.1.50', null],
    ['300.1.1.1', null],
    ['http://', null],
  ])('what a person types: %s', (text, origin) => {
    expect(deviceOrigin(text)).toBe(origin)
  })
})
