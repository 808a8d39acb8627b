@echo off
rem Starts the terminal: see INSTALL.md. It stops when this window is closed.
if "%HOST%"=="" set HOST=0.0.0.0
if "%TLS%"=="" set TLS=auto
node "%~dp0server.mjs"
pause
