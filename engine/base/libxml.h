/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxml2, loaded on use: with the libraries that it needs itself it takes longer to load than most commands run. Its
 * structures are used directly, its functions by their own names through the table below.
 */
#ifndef HVPROBE_BASE_LIBXML_H
#define HVPROBE_BASE_LIBXML_H

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <libxml/tree.h>
#include <libxml/xmlregexp.h>
#include <libxml/xmlschemastypes.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

/* What an error handler is given; const since 2.12. */
#if LIBXML_VERSION >= 21200
typedef const xmlError libxml_error;
#else
typedef xmlError libxml_error;
#endif

struct libxml {
#define FUNCTION(name) __typeof__(name) *name;
#include "base/libxml.def"
#undef FUNCTION
    xmlFreeFunc *xmlFree; /* a variable of the library */
};

/* NULL: it is there, and may be used by several threads. Else why not: static. To be asked before the first use. */
const char *libxml_missing(void);
/* Its functions; the program ends when libxml_missing() was not asked and it is missing. Thread-safe. */
const struct libxml *libxml(void);

#ifndef HVPROBE_LIBXML_TABLE /* only libxml.c speaks of the table itself */
#define xmlCtxtReadMemory                   (libxml()->xmlCtxtReadMemory)
#define xmlFreeDoc                          (libxml()->xmlFreeDoc)
#define xmlFreeParserCtxt                   (libxml()->xmlFreeParserCtxt)
#define xmlGetLineNo                        (libxml()->xmlGetLineNo)
#define xmlGetNodePath                      (libxml()->xmlGetNodePath)
#define xmlHashLookup2                      (libxml()->xmlHashLookup2)
#define xmlInitParser                       (libxml()->xmlInitParser)
#define xmlIsBlankNode                      (libxml()->xmlIsBlankNode)
#define xmlMemSetup                         (libxml()->xmlMemSetup)
#define xmlNewParserCtxt                    (libxml()->xmlNewParserCtxt)
#define xmlRegFreeRegexp                    (libxml()->xmlRegFreeRegexp)
#define xmlRegexpCompile                    (libxml()->xmlRegexpCompile)
#define xmlRegexpExec                       (libxml()->xmlRegexpExec)
#define xmlRelaxNGFree                      (libxml()->xmlRelaxNGFree)
#define xmlRelaxNGFreeParserCtxt            (libxml()->xmlRelaxNGFreeParserCtxt)
#define xmlRelaxNGFreeValidCtxt             (libxml()->xmlRelaxNGFreeValidCtxt)
#define xmlRelaxNGInitTypes                 (libxml()->xmlRelaxNGInitTypes)
#define xmlRelaxNGNewDocParserCtxt          (libxml()->xmlRelaxNGNewDocParserCtxt)
#define xmlRelaxNGNewValidCtxt              (libxml()->xmlRelaxNGNewValidCtxt)
#define xmlRelaxNGParse                     (libxml()->xmlRelaxNGParse)
#define xmlRelaxNGSetParserStructuredErrors (libxml()->xmlRelaxNGSetParserStructuredErrors)
#define xmlRelaxNGSetValidStructuredErrors  (libxml()->xmlRelaxNGSetValidStructuredErrors)
#define xmlRelaxNGValidateDoc               (libxml()->xmlRelaxNGValidateDoc)
#define xmlSAX2GetLineNumber                (libxml()->xmlSAX2GetLineNumber)
#define xmlSchemaGetPredefinedType          (libxml()->xmlSchemaGetPredefinedType)
#define xmlSchemaInitTypes                  (libxml()->xmlSchemaInitTypes)
#define xmlSchemaValidatePredefinedType     (libxml()->xmlSchemaValidatePredefinedType)
#define xmlStopParser                       (libxml()->xmlStopParser)
#define xmlUTF8Strlen                       (libxml()->xmlUTF8Strlen)
#define xmlXPathCastToBoolean               (libxml()->xmlXPathCastToBoolean)
#define xmlXPathCastToString                (libxml()->xmlXPathCastToString)
#define xmlXPathCompiledEval                (libxml()->xmlXPathCompiledEval)
#define xmlXPathCtxtCompile                 (libxml()->xmlXPathCtxtCompile)
#define xmlXPathErr                         (libxml()->xmlXPathErr)
#define xmlXPathFreeCompExpr                (libxml()->xmlXPathFreeCompExpr)
#define xmlXPathFreeContext                 (libxml()->xmlXPathFreeContext)
#define xmlXPathFreeObject                  (libxml()->xmlXPathFreeObject)
#define xmlXPathNewCString                  (libxml()->xmlXPathNewCString)
#define xmlXPathNewContext                  (libxml()->xmlXPathNewContext)
#define xmlXPathNodeSetSort                 (libxml()->xmlXPathNodeSetSort)
#define xmlXPathRegisterFuncLookup          (libxml()->xmlXPathRegisterFuncLookup)
#define xmlXPathRegisterVariable            (libxml()->xmlXPathRegisterVariable)
#define xmlXPathRegisteredVariablesCleanup  (libxml()->xmlXPathRegisteredVariablesCleanup)
#undef xmlFree
#define xmlFree (*libxml()->xmlFree)
#endif

#endif
