@echo off
rem The command line of RingFlow on Windows. Builds what it needs when that is missing or old, and then runs it.
setlocal EnableExtensions DisableDelayedExpansion
set "root=%~dp0"
set "app=%root%examples-android-free\target"
set "state=%root%target"
set "log=%state%\build.log"
set "class_path=%app%\*;%app%\lib\*"
set "main_class=dev.ringflow.examples.MainKt"
set "options=-XX:-UsePerfData -Xshare:auto --enable-native-access=ALL-UNNAMED"

rem --- Java and Maven

if not defined JAVA_HOME goto java_on_path
set "java=%JAVA_HOME%\bin\java.exe"
if exist "%java%" goto choose
echo ringflow: JAVA_HOME is %JAVA_HOME%, and there is no bin\java.exe in it. Set it to a JDK of version 17 or later, or unset it.>&2
exit /b 1

:java_on_path
set "java="
for %%i in (java.exe) do set "java=%%~$PATH:i"
if defined java goto choose
echo ringflow: there is no java. Install a JDK of version 17 or later, or set JAVA_HOME.>&2
exit /b 1

:choose
if "%~1"=="test" goto test

rem --- Building

if not exist "%app%\ringflow-examples-*.jar" goto build
"%java%" %options% -cp "%app%\*" dev.ringflow.examples.launch.BuildCheck "%root%."
if errorlevel 4 goto wrong_java
if errorlevel 3 goto build
if errorlevel 1 goto wrong_java
goto run

:build
call :find_maven
if not defined maven exit /b 1
if not exist "%state%" mkdir "%state%"
echo ringflow: building (log: %log%) ...>&2
type nul > "%state%\ringflow.built.begun"
call "%maven%" -B -ntp -f "%root%pom.xml" -pl examples-android-free -am package -Dmaven.test.skip -Dspotless.check.skip > "%log%" 2>&1 < nul
if errorlevel 1 goto build_failed
move /y "%state%\ringflow.built.begun" "%state%\ringflow.built" > nul
goto run

:build_failed
echo ringflow: the build failed; all of it is in %log%>&2
exit /b 1

:wrong_java
echo ringflow: RingFlow needs a JDK of version 17 or later; set JAVA_HOME to one. This is what %java% is:>&2
"%java%" -version
exit /b 1

rem --- Running

:run
"%java%" %options% %RINGFLOW_OPTS% -cp "%class_path%" %main_class% %*
exit /b %errorlevel%

rem --- ringflow test: the driver and the raw layers, on Windows' own I/O rings and Registered I/O

:test
call :find_maven
if not defined maven exit /b 1
call "%maven%" -B -ntp -f "%root%pom.xml" -pl native-ioring-windows -am test -Dspotless.check.skip -Dringflow.windows.real=true -Dtest=dev/ringflow/windows/**/*Test -Dsurefire.failIfNoSpecifiedTests=false
exit /b %errorlevel%

rem --- A subroutine

:find_maven
set "maven="
for %%i in (mvn.cmd) do set "maven=%%~$PATH:i"
if not defined maven echo ringflow: there is no mvn. Install Apache Maven 3.8.6 or later: https://maven.apache.org/install.html>&2
exit /b 0
